"""The command line: `trimtab run CASE.toml` and `trimtab info`."""
