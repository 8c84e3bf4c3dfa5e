"""Which sub-condition of a condition failed for a lead: the same closures, asked one by one."""
