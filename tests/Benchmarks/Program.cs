using System;
using System.Linq;
using System.Runtime.CompilerServices;
using Strata.Benchmarks.Commands;
using Strata.Benchmarks.Ranks;
using Strata.Benchmarks.Serving;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks;

internal static class Program
{
    private const int UsageError = 2, Failure = 1;

    private static int Main(string[] arguments)
    {
        // The processes of the start measurement: nothing may be loaded before this line.
        return arguments is [FirstOutput.Name, ..] ? FirstOutput.Run(arguments) : Dispatch(arguments);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Dispatch(string[] arguments)
    {
        try
        {
            if (arguments is [WorkerCommand.Name, ..])
            {
                return WorkerCommand.Run(arguments.AsSpan(1));
            }

            if (arguments is [ServiceHost.Name, ..])
            {
                return ServiceHost.Run(arguments.AsSpan(1));
            }

            if (arguments is [RankProcess.Name, ..])
            {
                return RankProcess.Run(arguments.AsSpan(1));
            }

            if (arguments is [] or ["help"] || arguments.Any(argument => argument is "--help" or "-h"))
            {
                CommandLine.Program.Parse(arguments is ["help"] ? [] : arguments).Invoke();
                return arguments.Length == 0 ? UsageError : 0;
            }

            CommandLine line = CommandLine.Parse(arguments);
            Tier.WarnIfUnoptimised();
            if (Tier.NeedsOtherProcess(line.Isa))
            {
                return Tier.RunAgain(line.Isa, arguments);
            }

            return line.Command switch
            {
                "inference" or "training" => ComparisonCommand.Run(line),
                "layers" => LayersCommand.Run(line),
                "algorithms" => AlgorithmsCommand.Run(line),
                "activations" => ActivationsCommand.Run(line),
                "machine" => MachineCommand.Run(),
                "fma" => LimitsCommand.Run(line),
                "start" => StartCommand.Run(line),
                "build" => BuildCommand.Run(line),
                "tables" or "chart" => TablesCommand.Run(line),
                "own" => OwnCommand.Run(),
                "onnx" => OnnxCommand.Run(line),
                "ranks" => RanksCommand.Run(line),
                "integers" => IntegersCommand.Run(line),
                "files" => FilesCommand.Run(line),
                "loaded" => LoadedCommand.Run(line),
                "generator" => GeneratorCommand.Run(line),
                "editor" => EditorCommand.Run(line),
                "serving" => ServingCommand.Run(line),
                _ => throw new UsageException("Name a command."),
            };
        }
        catch (UsageException exception)
        {
            Console.Error.WriteLine(exception.Message);
            Console.Error.WriteLine("Try --help.");
            return UsageError;
        }
        catch (WorkerException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return Failure;
        }
    }
}
