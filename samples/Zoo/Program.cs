using System.CommandLine;
using Samples;

namespace Zoo;

internal static class Program
{
    private static readonly Command Zoo = Shell.Program("Zoo", "Well-known networks, compiled by Strata.\n\n" + Shell.ExitCodes,
        ListCommand.Create(), SummaryCommand.Create(), RunCommand.Create(), TrainCommand.Create(), FashionCommand.Create(),
        KernelsCommand.Create(), MapsCommand.Create(), WhyCommand.Create(), DrawCommand.Create());

    internal static int Main(string[] args) => Run(args, Terminal.Open());

    internal static int Run(string[] args, Terminal terminal) => Shell.Run(Zoo, args, terminal);
}
