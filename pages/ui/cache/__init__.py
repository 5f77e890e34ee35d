"""What is kept between reruns: by the question, shared by all sessions, bounded."""
