"""Start gpbot: `python app.py`."""

from gpbot.serve import main

if __name__ == "__main__":
    raise SystemExit(main())
