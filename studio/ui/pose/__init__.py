"""The Pose page, and the panels by which a form takes a pose."""
