"""Words: templates, the seed catalogue, renderers."""
