using System;
using System.IO;
using Samples;
using Strata.Training;

namespace Zoo;

internal static class Program
{
    private const int Success = 0, Failure = 1, Usage = 2;

    private const string Help = """
        Well-known networks, compiled by Strata.

        Usage: Zoo COMMAND [NAME] [OPTIONS]

        Commands:
          list           the networks: input, parameters, multiply-adds, size, paper
          summary NAME   a network's layers, and the memory that it takes
          run NAME       computes outputs, from weights and inputs in files where given
          train NAME     some steps of training on random data
          fashion        trains ResNet-20 on Fashion-MNIST, to 93 % and more
          kernels NAME   draws a layer's kernels
          maps NAME      draws what a layer computes
          draw NAME      draws a network's layers and blocks

        Zoo COMMAND --help shows a command's options.
        Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted by Ctrl-C.
        """;

    internal static int Main(string[] args) => Run(args, Terminal.Open());

    internal static int Run(string[] args, Terminal terminal)
    {
        bool named = args.Length > 0 && !args[0].StartsWith('-');
        var arguments = new Arguments(named ? args[1..] : args);
        try
        {
            (string help, Func<Arguments, Terminal, int> run) = (named ? args[0] : "help") switch
            {
                "list" => (ListCommand.Help, ListCommand.Run),
                "summary" => (SummaryCommand.Help, SummaryCommand.Run),
                "run" => (RunCommand.Help, RunCommand.Run),
                "kernels" => (KernelsCommand.Help, KernelsCommand.Run),
                "maps" => (MapsCommand.Help, MapsCommand.Run),
                "draw" => (DrawCommand.Help, DrawCommand.Run),
                "train" => (TrainCommand.Help, TrainCommand.Run),
                "fashion" => (FashionCommand.Help, (Func<Arguments, Terminal, int>)FashionCommand.Run),
                "help" => (Help, (rest, to) => ShowHelp(rest, to)),
                string other => throw new UsageException($"unknown command '{other}'"),
            };
            return arguments.Flag("--help", "-h", "-?") ? Show(terminal, help) : run(arguments, terminal);
        }
        catch (UsageException e)
        {
            terminal.Error.WriteLine($"error: {e.Message}");
            terminal.Error.WriteLine("Try --help.");
            return Usage;
        }
        catch (Exception e) when (e is OverflowException or OutOfMemoryException or ArgumentException)
        {
            // The user asked for so many samples that they fit neither into memory nor into an array.
            terminal.Error.WriteLine($"error: {e.Message}");
            return Failure;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException or TrainingException
            or InvalidOperationException /* STRATA_ISA names no tier of this machine */)
        {
            terminal.Error.WriteLine($"error: {e.Message}");
            return Failure;
        }
    }

    private static int ShowHelp(Arguments arguments, Terminal terminal)
    {
        arguments.End();
        return Show(terminal, Help);
    }

    private static int Show(Terminal terminal, string help)
    {
        terminal.Out.WriteLine(help);
        return Success;
    }
}
