"""Work on whole notebooks in a short-lived process of its own: parsing 50 MB of JSON, or rendering a page of somebody's
outputs, must neither hold the server's interpreter nor happen in it."""
