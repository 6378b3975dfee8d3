using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Strata.Distributed.Tests.Mpi;

/// <summary>Training in real MPI jobs.</summary>
[Collection(MpiJobs.Name)]
public sealed class MpiTrainingTests(ITestOutputHelper output)
{
    /// <summary>The sum of two numbers has the same bits in any order, so the libraries agree, too.</summary>
    [Fact]
    public async Task Two_ranks_end_with_the_same_parameters_whichever_MPI_sums()
    {
        string folder = Directory.CreateTempSubdirectory("mpi").FullName;
        try
        {
            MpiJob first = await MpiJob.RunAsync("openmpi", 2, ["train", Path.Combine(folder, "a.safetensors"), "1"]);
            Assert.True(first.ExitCode == 0, first.Output);
            Assert.Equal(2, first.Values("parameters").Length);
            Assert.Single(first.Values("parameters").Distinct());
            MpiJob second = await MpiJob.RunAsync("mpich", 2, ["train", Path.Combine(folder, "b.safetensors"), "1"]);
            Assert.Equal(first.Values("parameters"), second.Values("parameters"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>tests/Soak -- kills does it fifty times.</summary>
    [Fact]
    public void After_each_of_five_kills_training_goes_on_from_its_checkpoint()
    {
        string folder = Directory.CreateTempSubdirectory("kills").FullName;
        try
        {
            new KilledTraining(MpiJob.Need("openmpi"), MpiJob.App, folder, output.WriteLine).Run(kills: 5, seed: 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
