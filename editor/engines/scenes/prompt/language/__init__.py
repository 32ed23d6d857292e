"""Which word of a text names which concept, in fifteen languages: lexicons, stems, spelling."""
