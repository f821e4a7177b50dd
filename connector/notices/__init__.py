"""Alarms: what people and watchers outside are told when a run fails, or when none has been good."""
