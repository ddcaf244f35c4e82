"""What the ministry answers when it is asked for figures of a day and a perimeter, and keeps."""
