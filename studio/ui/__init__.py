"""What a person sees: forms, panels, media routes. The only home of streamlit besides the pages and the launcher."""
