"""The user's own layers on the map: painted on a thread, laid into the ground below the events."""
