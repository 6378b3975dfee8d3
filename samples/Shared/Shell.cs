using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using Strata.Imaging;
using Strata.Training;

namespace Samples;

/// <summary>A mistake in the command line; its message is for the user.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Runs a program's commands, and says what went wrong.</summary>
internal static class Shell
{
    public const int Success = 0, Failure = 1, WrongUsage = 2, Interrupted = 130;

    /// <summary>What every program's help ends with.</summary>
    public const string ExitCodes = "Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted by Ctrl-C.";

    /// <summary>The longest line of a help text, in characters.</summary>
    public const int HelpWidth = 96;

    // Files whose names begin with @ are files, too.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>A program with its commands. Its name does not depend on who runs it.</summary>
    public static Command Program(string name, string description, params Command[] commands)
    {
        var help = new HelpAction { MaxWidth = HelpWidth };
        var program = new Command(name, description)
        {
            new HelpOption("--help", "-h", "-?") { Description = "shows this", Action = help },
        };

        // The action itself would forgive words that are wrong.
        program.SetAction(parsed => help.Invoke(parsed));
        foreach (Command command in commands)
        {
            program.Add(command);
        }

        return program;
    }

    /// <summary>Says what a command does.</summary>
    public static Command Does(this Command command, Func<ParseResult, Terminal, int> run)
    {
        command.SetAction(parsed => run(parsed, ((Invocation)parsed.InvocationConfiguration).Terminal));
        return command;
    }

    /// <summary>Runs what the words ask for.</summary>
    /// <param name="program">The program.</param>
    /// <param name="words">The words of the command line.</param>
    /// <param name="terminal">Where the command writes.</param>
    /// <param name="fallback">The command that is run if none is named.</param>
    /// <returns>The exit code.</returns>
    public static int Run(Command program, string[] words, Terminal terminal, string? fallback = null)
    {
        words = words switch
        {
            ["help", .. string[] rest] => [.. rest, "--help"],
            ["--help" or "-h" or "-?", ..] => words,
            [] or [['-', ..], ..] when fallback is not null => [fallback, .. words],
            _ => words,
        };
        ParseResult parsed = program.Parse(words, Parsing);
        if (FindError(parsed) is { } error)
        {
            return Refuse(terminal, error);
        }

        try
        {
            return parsed.Invoke(new Invocation(terminal));
        }
        catch (UsageException e)
        {
            return Refuse(terminal, e.Message);
        }
        catch (Exception e) when (IsForUsers(e))
        {
            terminal.Error.WriteLine($"error: {e.Message}");
            return Failure;
        }
    }

    /// <summary>What is wrong with a command line; null if nothing is.</summary>
    public static string? FindError(ParseResult parsed) =>
        // What an option says of its value tells more than that a word is left over.
        parsed.Errors.OrderBy(error => error.SymbolResult is CommandResult).FirstOrDefault()?.Message;

    private static int Refuse(Terminal terminal, string message)
    {
        terminal.Error.WriteLine($"error: {message}");
        terminal.Error.WriteLine("Try --help.");
        return WrongUsage;
    }

    /// <summary>Whether an exception's message tells users what is wrong with their files, numbers or machine.</summary>
    private static bool IsForUsers(Exception exception) => exception
        is IOException or UnauthorizedAccessException or InvalidDataException or FormatException
        or ImageFormatException or TrainingException
        or InvalidOperationException                                         // STRATA_ISA names no tier of this machine
        or OverflowException or OutOfMemoryException or ArgumentException;   // so many samples fit into no memory, or into no array

    private sealed class Invocation : InvocationConfiguration
    {
        public Invocation(Terminal terminal)
        {
            (Terminal, Output, Error) = (terminal, terminal.Out, terminal.Error);
            EnableDefaultExceptionHandler = false;
        }

        public Terminal Terminal { get; }
    }
}
