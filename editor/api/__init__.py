"""The studio for programs: the endpoints, parameters and answers of the seeds' documents."""
