"""Questions to the champions: asked, claimed, answered, closed, or made a report by a champion who sees one in it."""
