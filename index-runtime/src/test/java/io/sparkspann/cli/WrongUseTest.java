package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user reads who mistypes a command line. */
class WrongUseTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "crate | Unknown command 'crate'; did you mean create?; see 'spann --help'",
                "list | Unknown command 'list'; use one of create, search, exact, range, evaluate,"
                        + " info, verify; see 'spann --help'",
                "info | Missing option --index for 'spann info'; see 'spann info --help'",
                "info --index | Option --index needs a value; see 'spann info --help'",
                "info --indx a | Unknown option --indx for 'spann info'; did you mean --index?;"
                        + " see 'spann info --help'",
                "info --index a --foo | Unknown option --foo for 'spann info'; see 'spann info"
                        + " --help'",
                "info --index a --foo=3 | Unknown option --foo for 'spann info'; see 'spann info"
                        + " --help'",
                "info --index a b | Unexpected argument 'b' for 'spann info', which takes options"
                        + " only; see 'spann info --help'",
                "info --index a --index b | Option --index may be given only once; see 'spann info"
                        + " --help'",
                "info --index a --json=x | Option --json takes no value; see 'spann info --help'",
                "evaluate --index a | Missing option --queries, --ground-truth for 'spann"
                        + " evaluate'; see 'spann evaluate --help'",
                "search --index a | Missing option --queries or --vector for 'spann search'; see"
                        + " 'spann search --help'",
                "search --index a --query b --vector c | Options --queries and --vector exclude"
                        + " each other; give one of them; see 'spann search --help'",
                "search --index a --queries b --recall 0.9 | Unknown option --recall for 'spann"
                        + " search'; did you mean --recall-target?; see 'spann search --help'",
                "search --index a --queries b --k ten | --k is 'ten'; use a whole number; see"
                        + " 'spann search --help'",
                "search --index a --queries b --epsilon x | --epsilon is 'x'; use a number; see"
                        + " 'spann search --help'",
                "create --input a --index b --metric l3 | --metric: Unknown metric 'l3'; use one of"
                    + " l2, ip, cosine, squared-l2, l1, normalized-cosine, normalized-l2, angle,"
                    + " normalized-angle, hamming, jaccard, poincare, lorentz; see 'spann create"
                    + " --help'",
            })
    void one_line_says_what_is_wrong_and_what_is_right(String line, String message) {
        Outcome outcome = Outcome.of((Object[]) line.split(" "));
        assertThat(outcome.code()).isEqualTo(CommandRunner.WRONG_USE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).containsExactly("spann: " + message);
    }
}
