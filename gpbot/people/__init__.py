"""Members as gpbot knows them, the champions' roster, escalation contacts, and declared conflicts."""
