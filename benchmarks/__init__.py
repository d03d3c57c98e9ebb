"""The promises of docs/performance.md, measured on this machine; each benchmark prints ratios within its own run."""
