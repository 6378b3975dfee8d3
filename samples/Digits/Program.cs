using System.CommandLine;
using Samples;

namespace Digits;

internal static class Program
{
    private static readonly Command Digits = Shell.Program("Digits",
        "Reads handwritten digits with LeNet-5, compiled by Strata. Without a command, it trains.\n\n" + Shell.ExitCodes,
        TrainCommand.Create(), PredictCommand.Create(), LookCommand.Create(), WhyCommand.Create(), InspectCommand.Create());

    internal static int Main(string[] args) => Run(args, Terminal.Open());

    internal static int Run(string[] args, Terminal terminal) => Shell.Run(Digits, args, terminal, fallback: TrainCommand.Name);
}
