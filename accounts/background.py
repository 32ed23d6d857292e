"""Messages under the names that earlier releases gave them. What is sent today is in emails/queue.py."""

from .emails.queue import send_email_changed, send_email_link, send_reset_link, send_sign_up_link

__all__ = ["send_email_changed", "send_email_link", "send_reset_link", "send_sign_up_link"]
