using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Training;

namespace Strata.Distributed.Tests.Mpi;

/// <summary>The code of runtime/Distributed/PACKAGE.md is in <see cref="Train"/>, line by line, so it compiles; here it runs.</summary>
[Collection(MpiJobs.Name)]
public sealed class PageExample
{
    [Fact]
    public void The_code_of_the_page_is_what_is_compiled_here()
    {
        string page = File.ReadAllText(Path.Combine(MpiJob.Project, "../../runtime/Distributed/PACKAGE.md"));
        string code = Regex.Match(page, "```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        string[] lines = [.. code.Split('\n').Select(line => line.Split("//")[0].Trim())
            .Where(line => line != "" && !line.StartsWith("using Strata", StringComparison.Ordinal))];
        string own = File.ReadAllText(Path.Combine(MpiJob.Project, "Mpi/PageExample.cs"));
        Assert.InRange(lines.Length, 5, 10);
        Assert.All(lines, line => Assert.Contains(line, own, StringComparison.Ordinal));
    }

    [Fact]
    public void It_runs_in_one_process()
    {
        string folder = Directory.CreateTempSubdirectory("page").FullName;
        string current = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder;
            Train(Data.Inputs(64, LeNet5.InputLength), Data.Classes(64, 10));
            Assert.True(File.Exists("run.safetensors"));
        }
        finally
        {
            Environment.CurrentDirectory = current;
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Train(float[] images, int[] labels)
    {
        using MpiWorld world = MpiWorld.Start();
        using var net = new LeNet5(new NetworkOptions { Seed = 1, Threads = world.Threads });
        using var trainer = net.CreateTrainer(batchSize: 32, new Sgd(0.05) { Momentum = 0.9 });
        trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = true });
        trainer.Fit(images, labels, new FitOptions { Epochs = 10, Checkpoint = new FitCheckpoint("run.safetensors") { Resume = true } });
    }
}
