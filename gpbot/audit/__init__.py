"""The audit log: who looked and who acted, append-only and hash-chained over ciphertext."""

from gpbot.audit.log import AuditLog, Verdict

__all__ = ["AuditLog", "Verdict"]
