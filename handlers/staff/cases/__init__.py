"""What staff do with cases: each use case one transaction, told and proved."""
