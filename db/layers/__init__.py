"""The user's own map layers: files of shapes and pictures, shapes kept in the project, the rows of layers."""
