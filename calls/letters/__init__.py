from calls.letters.sending import LettersRefused, send

__all__ = ["LettersRefused", "send"]
