"""How everything looks: roles and sizes, themes, fonts, icons, marks of events, the style sheet, the ring of focus."""
