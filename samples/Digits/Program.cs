using System;
using System.IO;
using Samples;
using Strata.Training;

namespace Digits;

internal static class Program
{
    private const int Success = 0, Failure = 1, Usage = 2;

    private const string Help = """
        Reads handwritten digits with LeNet-5, compiled by Strata.

        Usage: Digits [COMMAND] [OPTIONS]

        Commands:
          train     trains the network and saves its weights (the default)
          predict   reads a digit from a PNG file or from the test set
          look      draws what the network sees in a digit: its kernels, and their maps
          why       draws which pixels make the network decide
          inspect   shows the network's layers and where its generated source is

        Digits COMMAND --help shows a command's options.
        Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted by Ctrl-C.
        """;

    internal static int Main(string[] args) => Run(args, Terminal.Open());

    internal static int Run(string[] args, Terminal terminal)
    {
        bool named = args.Length > 0 && !args[0].StartsWith('-');
        var arguments = new Arguments(named ? args[1..] : args);
        try
        {
            (string help, Func<Arguments, Terminal, int> run) = (named ? args[0] : "train") switch
            {
                "train" => (TrainCommand.Help, TrainCommand.Run),
                "predict" => (PredictCommand.Help, PredictCommand.Run),
                "look" => (LookCommand.Help, LookCommand.Run),
                "why" => (WhyCommand.Help, WhyCommand.Run),
                "inspect" => (InspectCommand.Help, (Func<Arguments, Terminal, int>)InspectCommand.Run),
                "help" => (Help, (_, _) => ShowHelp(terminal, Help)),
                string other => throw new UsageException($"unknown command '{other}'"),
            };
            return arguments.Flag("--help", "-h", "-?") ? ShowHelp(terminal, named ? help : Help) : run(arguments, terminal);
        }
        catch (UsageException e)
        {
            terminal.Error.WriteLine($"error: {e.Message}");
            terminal.Error.WriteLine("Try --help.");
            return Usage;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException or TrainingException
            or InvalidOperationException /* STRATA_ISA names no tier of this machine */)
        {
            terminal.Error.WriteLine($"error: {e.Message}");
            return Failure;
        }
    }

    private static int ShowHelp(Terminal terminal, string help)
    {
        terminal.Out.WriteLine(help);
        return Success;
    }
}
