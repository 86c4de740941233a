"""What carries notices out of the program: a folder of files, or the services that Apprise knows."""
