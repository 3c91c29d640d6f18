package io.sparkspann.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in words for its user. */
final class WrongUse {
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

    /** Typing errors in a name that is taken for another. */
    private static final int MOST_ERRORS = 2;

    private final ParameterException problem;
    private final CommandSpec command;

    private WrongUse(ParameterException problem) {
        this.problem = problem;
        this.command = problem.getCommandLine().getCommandSpec();
    }

    /** One line without an end. */
    static String describe(ParameterException problem) {
        return new WrongUse(problem).describe();
    }

    private String describe() {
        if (problem instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched.getUnmatched().get(0)) + seeHelp();
        }
        if (problem instanceof OverwrittenOptionException twice) {
            return "Option " + name(twice.getOverwritten()) + " may be given only once" + seeHelp();
        }
        if (problem instanceof MutuallyExclusiveArgsException) {
            return "Options "
                    + String.join(" and ", options(problem.getMessage()))
                    + " exclude each other; give one of them"
                    + seeHelp();
        }
        if (problem instanceof MissingParameterException missing) {
            // An option with a typing error is missing and unknown at once.
            Optional<String> unknown =
                    problem.getCommandLine().getUnmatchedArguments().stream()
                            .filter(argument -> argument.startsWith("-"))
                            .findFirst();
            return unknown.map(this::unmatched).orElseGet(() -> missing(missing.getMissing()))
                    + seeHelp();
        }
        ArgSpec argument = problem.getArgSpec();
        return (argument == null ? problem.getMessage() : wrongValue(argument)) + seeHelp();
    }

    private String seeHelp() {
        return "; see '" + fullName() + " --help'";
    }

    private String fullName() {
        return command.qualifiedName(" ");
    }

    private String unmatched(String argument) {
        if (argument.startsWith("-")) {
            String option = argument.contains("=") ? argument.split("=")[0] : argument;
            List<String> known = new ArrayList<>(command.optionsMap().keySet());
            return "Unknown option "
                    + option
                    + " for '"
                    + fullName()
                    + "'"
                    + nearest(option, known);
        }
        Collection<String> commands = command.subcommands().keySet();
        if (!commands.isEmpty()) {
            String near = nearest(argument, commands);
            return "Unknown command '"
                    + argument
                    + "'"
                    + (near.isEmpty() ? "; use one of " + String.join(", ", commands) : near);
        }
        return "Unexpected argument '"
                + argument
                + "' for '"
                + fullName()
                + "', which takes options only";
    }

    private String missing(List<ArgSpec> missing) {
        String text = problem.getMessage();
        if (missing.size() == 1 && text.contains("parameter")) {
            return "Option " + name(missing.get(0)) + " needs a value";
        }
        if (text.contains("one of these")) {
            return "Missing option "
                    + String.join(" or ", options(text))
                    + " for '"
                    + fullName()
                    + "'";
        }
        return "Missing option "
                + missing.stream().map(WrongUse::name).collect(Collectors.joining(", "))
                + " for '"
                + fullName()
                + "'";
    }

    private String wrongValue(ArgSpec argument) {
        String name = name(argument);
        Class<?> type = argument.type();
        if (type == boolean.class) {
            return "Option " + name + " takes no value";
        }
        String value = name + " is '" + problem.getValue() + "'";
        if (type == int.class || type == Integer.class || type == Long.class) {
            return value + "; use a whole number";
        }
        if (type == double.class || type == Double.class) {
            return value + "; use a number";
        }
        return problem.getMessage()
                .replace("Invalid value for option '" + name + "': ", name + ": ");
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private List<String> options(String text) {
        List<String> names = new ArrayList<>();
        Matcher matcher = OPTION.matcher(text);
        while (matcher.find()) {
            OptionSpec option = command.findOption(matcher.group());
            if (option != null && !names.contains(option.longestName())) {
                names.add(option.longestName());
            }
        }
        return names;
    }

    /** A question for the name that was meant; empty if none is near. */
    private static String nearest(String given, Collection<String> known) {
        String lower = given.toLowerCase(Locale.ROOT);
        int most = Math.min(MOST_ERRORS, lower.replace("-", "").length() / 2);
        Optional<String> best =
                known.stream()
                        .filter(name -> errors(lower, name) <= most || isCut(lower, name))
                        .min((a, b) -> Integer.compare(errors(lower, a), errors(lower, b)));
        return best.map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** Whether one name is the beginning of the other. */
    private static boolean isCut(String given, String name) {
        int least = 4;
        return given.length() > least
                && name.length() > least
                && (name.startsWith(given) || given.startsWith(name));
    }

    /** Characters to insert, delete or replace to make one name of the other. */
    private static int errors(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
