"""Floor 5: gRPC in and out."""
