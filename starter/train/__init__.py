"""Training of the starter checkpoint, one command per stage; every stage can be stopped and resumed at any moment."""
