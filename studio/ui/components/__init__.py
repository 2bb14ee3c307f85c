"""Own components: plain JavaScript and CSS on Streamlit's Components v2."""
