// The app that `start --host` publishes: it reads its weights, predicts once, and says when. NETWORK is replaced by the class's name.
using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using Strata;

long entered = Stopwatch.GetTimestamp();
long made = entered, output = entered;
if (args is [string folder, string input, string weights, string result, string threads])
{
    float[] inputs = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, input))).ToArray();
    using var network = new Zoo.Networks.NETWORK(
        new NetworkOptions { Weights = Path.Combine(folder, weights), Threads = int.Parse(threads, CultureInfo.InvariantCulture) });
    made = Stopwatch.GetTimestamp();
    float[] outputs = new float[Zoo.Networks.NETWORK.OutputLength];
    network.Forward(inputs, outputs);
    output = Stopwatch.GetTimestamp();
    File.WriteAllBytes(Path.Combine(folder, result), MemoryMarshal.AsBytes<float>(outputs));
}

using var process = Process.GetCurrentProcess();
Console.Write(string.Create(CultureInfo.InvariantCulture, $"{entered} {made} {output} {process.PeakWorkingSet64 / 1048576.0:F1} "));
