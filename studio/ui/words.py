"""Help texts: one line each, with an example, for every control whose name does not explain itself."""

HELP = {
    "prompt": "What the picture shows, as tags or sentences, the important first. (word:1.2) stresses "
    "a word, "
    "[word] weakens it, <lora:name:0.8> adds a LoRA. Example: 1girl, (red hair:1.2), running, park.",
    "negative_prompt": "What the picture should not have. Example: lowres, bad hands, extra fingers.",
    "checkpoint": "The model that paints. Each has its own style and knowledge; see Models for adding one. "
    "Example: an SD 1.5 anime checkpoint for 512 pixels, an SDXL one for 1024.",
    "vae": "Turns the model's inner picture into pixels. Change it if colours look washed out. Example: vae-ft-mse.",
    "clip_skip": "How many of the text reader's last layers to leave out. Many anime checkpoints of the SD 1.5 family "
    "were made for 2; otherwise keep 1.",
    "style": "A template of the library around your prompt, at each picture; your own words stay as they are. "
    "Example: Kyoto Animation.",
    "loras": "Small add-ons for a checkpoint: a style, a character, a garment. Example: one at weight 0.8.",
    "lora_weight": "How strongly this LoRA acts. 0.6 to 1 is usual; negative weights push away from it.",
    "steps": "How many times the picture is refined. 20 to 50 is a good range: fewer is faster, more rarely helps. "
    "Example: 28.",
    "guidance_scale": "How literally the prompt is taken. 7.5 is a good start; above 12 colours burn.",
    "sampler": "The method that takes each step. Example: DPM++ 2M is quick and clean, Euler a is lively.",
    "schedule": "How the noise is spread over the steps. Automatic takes what the sampler was made for; "
    "Example: Karras gives finer detail at few steps.",
    "size": "Width and height in pixels, multiples of 8. Checkpoints paint best near the size they learned. "
    "Example: 512 × 768 for a standing figure.",
    "seed": "The number the noise is made from: the same seed and settings give the same picture. Example: 1234.",
    "seed_locked": "Keep this seed for the next pictures, to see what a change does. Off: each click takes a new one.",
    "last_seed": "Take the seed of the last picture again, and lock it.",
    "count": "How many pictures one click makes; their seeds follow each other. Example: 4 gives seeds 7, 8, 9, 10.",
    "wildcard_seed": "The number that decides what a random prompt draws; the pictures of one click count on from it. "
    "Example: 12.",
    "wildcard_seed_locked": "Draw the same words at each click, to see what another seed or setting does. Off: each "
    "click draws anew.",
    "last_wildcard_seed": "Take the wildcard seed of the last click again, and lock it.",
    "combine": "Drawn: each picture takes its own words by chance. All combinations: every possible prompt is drawn "
    "once, all with the same seed. Example: {red|blue} {dress|coat} has 4.",
    "control": "What holds the figure in place: nothing, a pose (of the library, the editor, a picture, a JSON file), "
    "your own sketch, or a control map such as depth or edges.",
    "second": "A second control beside the first. Example: a pose, and the edges of a room as a control map.",
    "photo": "A picture of somebody whose pose you want, or a ready skeleton map. Example: a dancer from head to toe.",
    "pasted_pose": "A pose from another editor or detector, as OpenPose JSON. Example: keypoints.json.",
    "map_from": "From a photo: the studio makes the map. Ready map: yours is taken as it is.",
    "map_way": "What is taken from the photo. Example: Depth for near and far, Line art for its outlines.",
    "map_photo": "The picture the map is made from. Example: a photo of a room for Depth, a drawing for Line art.",
    "sketch_type": "How the drawing is read. Scribble takes it as a rough idea, line art as clean outlines.",
    "sketch_tool": "The eraser takes away what it touches.",
    "sketch_width": "Width of brush and eraser in pixels of the picture. Example: 6 for a scribble, 2 for line art.",
    "sketch_reference": "A picture shown dimly under the canvas, to draw along. It is not part of the control map.",
    "pose_name": "A skeleton the figure follows. Example: Jogging.",
    "control_type": "What your map shows. Example: OpenPose for a coloured skeleton, Canny for white edges on black.",
    "control_model": "The ControlNet that reads the map. Automatic takes the one that fits the map and the checkpoint.",
    "control_image": "A ready map, such as a coloured OpenPose skeleton on black; it is scaled to the picture's size.",
    "control_weight": "How strictly the map is obeyed. 0 ignores it, 1 is firm, up to 2 forces it. Example: 0.8.",
    "control_window": "The part of the steps in which the map acts. Example: 0 to 0.8 frees the last steps for detail.",
    "source_image": "A picture to start from instead of noise (img2img). Example: a rough sketch at strength 0.7.",
    "strength": "How much of the start image is painted over. 0.3 keeps most of it, 0.8 keeps only the rough layout.",
    "hires": "Draws the picture, enlarges it, and draws over it once more: more detail than one pass at that size, and "
    "no doubled figures. Example: 512 to 1024 at strength 0.4.",
    "hires_by": "How the size of the second pass is given.",
    "hires_scale": "How many times larger the second pass is. 1.5 to 2 suits most checkpoints. Example: 2.",
    "hires_size": "Width and height of the second pass in pixels, multiples of 8. Example: 768 × 1152.",
    "hires_strength": "How much of the enlarged picture is drawn over. 0.3 only sharpens, above 0.6 things change.",
    "hires_steps": "Steps of a full second pass, of which the strength is taken. 0: as many as the first pass has.",
    "hires_upscaler": "What enlarges the first picture before it is drawn over. Lanczos is enough from strength 0.5.",
    "upscale": "Enlarges the finished picture with a network that sharpens lines. Nothing is drawn anew. "
    "Example: to 1024 pixels.",
    "upscale_by": "How the final size is given: pixels of one side, a factor, or an exact width and height.",
    "upscale_scale": "How many times larger the result is. Example: 2 makes 1024 of 512.",
    "upscale_side": "Pixels of the side chosen below; the other follows. Example: 1024.",
    "upscale_edge": "Which side gets that many pixels. Longest fits a frame, shortest fills it.",
    "upscale_size": "The exact size in pixels. Another shape than the picture's stretches it. Example: 1920 × 1080.",
    "upscale_upscaler": "The network that enlarges. An anime one keeps lines crisp; Lanczos only resamples.",
    "upscale_fast": "Where memory asks for tiles, blend their seams instead of computing them exactly: quicker, and "
    "hardly visible.",
    "generate": "Makes the picture with these settings. Ctrl+Enter does the same.",
    "cancel": "Stops this picture within one step. What is finished stays.",
}

_SECOND = {
    "second_type": "control_type", "second_model": "control_model", "second_weight": "control_weight",
    "second_window": "control_window", "second_image": "control_image", "second_map_from": "map_from",
    "second_map_way": "map_way", "second_map_photo": "map_photo",
}  # fmt: skip
HELP |= {name: HELP[same] for name, same in _SECOND.items()}
