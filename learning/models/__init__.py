from learning.models.entries import CameFrom, LearningEntry, Verdict

__all__ = ["CameFrom", "LearningEntry", "Verdict"]
