import { importBaseImages, tagOf } from "./base-images.ts";
import type { Docker } from "./docker.ts";

export const BINARY_IMAGE = "breeze-test/binary";

/** What the watchdog has to run on. */
export const systems = ["busybox", "alpine", "distroless", "debian"] as const;

/** The images that the tests run: the watchdog on each of them. */
export const imageOn = (system: (typeof systems)[number]): string => `breeze-test/on-${system}`;

/** Builds both targets of Dockerfile.alpine, and copies the binary out of the one into the other bases as an image author does. */
export async function buildImages(docker: Docker, project: string): Promise<void> {
  await importBaseImages(docker);
  const build = ["build", "--quiet", "--file", `${project}/Dockerfile.alpine`];
  await docker.run([...build, "--target", "binary", "--tag", BINARY_IMAGE, project]);
  const base = `BASE=${tagOf("alpine")}`;
  await docker.run([...build, "--build-arg", base, "--tag", imageOn("alpine"), project]);
  for (const name of systems.filter((one) => one !== "alpine")) {
    await buildFrom(docker, tagOf(name), imageOn(name), [
      `COPY --from=${BINARY_IMAGE} /fwatchdog /usr/bin/fwatchdog`,
      "EXPOSE 8080",
      'HEALTHCHECK --interval=1s CMD ["fwatchdog", "--run-healthcheck"]',
      'CMD ["fwatchdog"]',
    ]);
  }
}

/** Builds from a Dockerfile that needs no files beside it. */
async function buildFrom(
  docker: Docker,
  base: string,
  tag: string,
  instructions: readonly string[],
): Promise<void> {
  const dockerfile = [`FROM ${base}`, ...instructions].join("\n");
  await docker.run(["build", "--quiet", "--tag", tag, "-"], dockerfile);
}
