package replklab.notebook;

/** Where a {@link LiveDisplay} shows its content. */
interface DisplaySurface {
    /**
     * Shows content for the first time.
     *
     * @param content anything the surface can draw, such as a chart or a table
     * @param text what to say where nothing can be drawn
     * @return the name under which {@link #replace} finds it again
     */
    String show(Object content, String text);

    /** Replaces what {@link #show} showed under that name. */
    void replace(String id, Object content, String text);
}
