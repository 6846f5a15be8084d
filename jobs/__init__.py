"""Sources become stories. Imports run one way: bot -> jobs -> db."""
