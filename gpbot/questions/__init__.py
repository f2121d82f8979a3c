"""Questions to the champions: asked, claimed, answered, closed, or made a report by whoever sees that it is one."""
