"""What keeps an office running: setting up, time, calendars, logs, backups, reports."""
