namespace Strata.Distributed.App;
internal static class Benchmark { public static void Run() { } }
