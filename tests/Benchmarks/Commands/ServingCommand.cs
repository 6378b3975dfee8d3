using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Serving;
using Strata.Onnx;

namespace Strata.Benchmarks.Commands;

/// <summary>
/// Requests per second over HTTP: Strata.Serving with and without batches, and ONNX Runtime behind ASP.NET Core, in turn.
/// </summary>
internal static class ServingCommand
{
    private const int Rounds = 3;

    public static int Run(CommandLine line)
    {
        string[] networks = line.Networks is ["all"] ? ["lenet5", "resnet18", "mobilenet_v2"] : [.. line.Networks];
        Console.WriteLine($"{Processor.Family}, {Environment.ProcessorCount} processors; "
            + $"medians of {Rounds} rounds of {line.Duration.TotalSeconds:F0} s\n");
        Console.WriteLine("| network | connections | service | requests/s | ratio | p50 ms | p99 ms | MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (string network in networks)
        {
            Measure(network, line.Connections, line.Duration);
        }

        return 0;
    }

    private static void Measure(string network, IReadOnlyList<int> connections, TimeSpan duration)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("strata-serving-");
        try
        {
            string model = Path.Combine(folder.FullName, "model.onnx"), body = Path.Combine(folder.FullName, "body");
            int head;
            using (CompiledNetwork instance = BenchmarkNetwork.Find(network).Create(new NetworkOptions { Seed = 1 }))
            {
                OnnxFile.Save(instance, model);
                head = WriteBody(instance, body);
            }

            Dictionary<Service, ServiceHost> hosts = Enum.GetValues<Service>()
                .ToDictionary(service => service, service => new ServiceHost(service, network, model));
            try
            {
                foreach (int count in connections)
                {
                    Print(network, count, hosts, Measure(network, body, head, count, hosts, duration));
                }
            }
            finally
            {
                foreach (ServiceHost host in hosts.Values)
                {
                    host.Dispose();
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One sample in the binary encoding.</summary>
    /// <returns>The bytes of the JSON before it.</returns>
    private static int WriteBody(CompiledNetwork network, string file)
    {
        var random = new Random(1);
        float[] sample = [.. Enumerable.Range(0, network.InputLength).Select(_ => random.NextSingle())];
        TensorInfo input = network.Info.Inputs[0];
        byte[] json = Encoding.UTF8.GetBytes(
            $$$"""
            {"parameters":{"binary_data_output":true},
            "inputs":[{"name":"{{{input.Name}}}","shape":[1,{{{string.Join(',', input.Shape)}}}],"datatype":"FP32",
            "parameters":{"binary_data_size":{{{sample.Length * sizeof(float)}}}}}]}
            """);
        File.WriteAllBytes(file, [.. json, .. MemoryMarshal.AsBytes(sample.AsSpan())]);
        return json.Length;
    }

    private static Dictionary<Service, Load> Measure(
        string network, string body, int head, int connections, Dictionary<Service, ServiceHost> hosts, TimeSpan duration)
    {
        Load Run(Service service, TimeSpan time) =>
            LoadGenerator.Run($"{hosts[service].Address}/v2/models/{network}/infer", body, head, connections, time);
        foreach (Service service in hosts.Keys)
        {
            Run(service, TimeSpan.FromSeconds(1));
        }

        List<(Service Service, Load Load)> all =
            [.. from _ in Enumerable.Range(0, Rounds) from service in hosts.Keys select (service, Run(service, duration))];
        return all.GroupBy(one => one.Service, one => one.Load).ToDictionary(group => group.Key, group => new Load(
            Median(group, load => load.PerSecond), Median(group, load => load.Median), Median(group, load => load.P99),
            group.Sum(load => load.Errors)));
    }

    private static double Median(IEnumerable<Load> loads, Func<Load, double> value) => loads.Select(value).Order().ElementAt(Rounds / 2);

    private static void Print(string network, int connections, Dictionary<Service, ServiceHost> hosts, Dictionary<Service, Load> loads)
    {
        foreach ((Service service, Load load) in loads)
        {
            string name = service switch
            {
                Service.Strata => "Strata.Serving",
                Service.Alone => "the same, `MaxBatch` 1",
                _ => "ONNX Runtime",
            };
            double ratio = load.PerSecond / loads[Service.Onnx].PerSecond;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {network} | {connections} | {name} | {load.PerSecond:N0} | {ratio:F2} | {load.Median:F2} | {load.P99:F2} |")
                + string.Create(CultureInfo.InvariantCulture, $" {hosts[service].Megabytes:F0} |")
                + (load.Errors > 0 ? $" {load.Errors} errors" : ""));
        }
    }
}
