package io.tidegate.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SuggestionTest {

    private static final Set<String> KNOWN = Set.of("slide", "window", "allowed-lateness", "to", "by");

    @Test
    void the_nearest_known_word_is_suggested() {
        assertThat(Suggestion.nearest("slid", KNOWN)).contains("slide");
        assertThat(Suggestion.nearest("wnidow", KNOWN)).contains("window");
        assertThat(Suggestion.nearest("allowed_latenes", KNOWN)).contains("allowed-lateness");
    }

    @Test
    void nothing_is_suggested_for_a_word_that_resembles_none() {
        assertThat(Suggestion.nearest("checkpoint", KNOWN)).isEmpty();
        assertThat(Suggestion.nearest("x", KNOWN)).isEmpty();
    }

    @Test
    void a_short_word_may_have_two_mistakes_but_no_word_is_near_that_has_none_of_its_letters() {
        assertThat(Suggestion.nearest("sldie", KNOWN)).contains("slide");
        assertThat(Suggestion.nearest("bx", KNOWN)).contains("by");
        assertThat(Suggestion.nearest("xx", KNOWN)).isEmpty();
    }
}
