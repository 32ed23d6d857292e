"""The admin site: what is listed under which heading. What an app shows of its rows is the app's own."""
