package replklab.stats;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of an effect, once for ours and once for the paper's, such as
 *
 * <pre>
 * ours   Without shortcuts, kernel 13 {gains|loses} {size} on Fashion-MNIST
 * paper  {gained|lost} {size} on ImageNet
 * </pre>
 *
 * <p>{@code {size}} is the size of the difference without its sign; {@code {A|B}} reads A for a difference above zero and
 * B for one below. The paper's words follow "which" or "the paper", so they begin with a verb.
 *
 * @param ours holds {@code {size}} once
 * @param paper holds {@code {size}} at most once: not where the paper gives a direction but no number; empty where it says nothing
 */
public record Phrase(String ours, String paper) {
    private static final String SIZE = "{size}";
    private static final Pattern SLOT = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern CHOICE = Pattern.compile("[^|]+\\|[^|]+");

    public Phrase {
        check("ours", ours);
        if (!paper.isEmpty()) {
            check("paper", paper);
        }
        if (count(ours) != 1) {
            throw new IllegalArgumentException("the phrase for ours must hold {size} exactly once: \"" + ours + "\"");
        }
        if (count(paper) > 1) {
            throw new IllegalArgumentException(
                    "the phrase for the paper must hold {size} at most once: \"" + paper + "\"");
        }
    }

    /** Whether the paper's words tell a number. */
    boolean paperTellsSize() {
        return count(paper) == 1;
    }

    /** Fills a template for a difference of the given sign; zero reads as above zero. */
    static String fill(String template, double sign, String size) {
        Matcher slots = SLOT.matcher(template);
        return slots.replaceAll(slot -> {
            String inside = slot.group(1);
            int bar = inside.indexOf('|');
            String word = bar < 0 ? size : sign < 0 ? inside.substring(bar + 1) : inside.substring(0, bar);
            return Matcher.quoteReplacement(word);
        });
    }

    private static void check(String field, String template) {
        if (template.isBlank() || template.endsWith(".")) {
            throw new IllegalArgumentException("the phrase for " + field
                    + " must be words without a full stop, which the verdict's clause brings: \"" + template + "\"");
        }
        Matcher slots = SLOT.matcher(template);
        while (slots.find()) {
            if (!slots.group().equals(SIZE) && !CHOICE.matcher(slots.group(1)).matches()) {
                throw new IllegalArgumentException("the phrase for " + field + " has the slot " + slots.group()
                        + "; allowed are {size} and {words above zero|words below zero}");
            }
        }
        if (SLOT.matcher(template).replaceAll("").matches("(?s).*[{}].*")) {
            throw new IllegalArgumentException(
                    "the phrase for " + field + " has a brace without its partner: \"" + template + "\"");
        }
    }

    private static int count(String template) {
        return template.split(Pattern.quote(SIZE), -1).length - 1;
    }
}
