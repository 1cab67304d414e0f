"""What stands behind `make run`, `make test` and `make reset`. Standard library only: it runs before anything is installed."""
