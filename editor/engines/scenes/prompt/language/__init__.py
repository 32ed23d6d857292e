"""Which word of a text names which concept, in eight languages: lexicons, stems, spelling. Builds nothing."""
