using System;
using Hosts;

if (args is ["time"])
{
    Console.WriteLine(Report.Time());
    return;
}

foreach (string line in Report.Lines())
{
    Console.WriteLine(line);
}
