"""What watches the studio: health and readiness probes, metrics, the log's lines."""
