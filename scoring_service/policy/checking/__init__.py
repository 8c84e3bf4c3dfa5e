"""What checking says of a folder beyond "it parses": one file a kind of finding."""
