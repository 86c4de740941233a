"""Commands that keep an office running: setting up, time, calendars, logs, backups, reports."""
