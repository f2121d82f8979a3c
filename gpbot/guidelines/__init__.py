"""Guidelines: their versions, who agreed to them, and telling those who have not."""
